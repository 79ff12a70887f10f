"""The pages for people, a file each."""

"""Whether the back office can be worked as it is configured."""

from agent.domain.addresses import address_problem
from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.settings import Settings, backoffice
from agent.sites import BackOffice


def checked_back_office(settings: Settings) -> BackOffice:
    """The back office. Raise UsageError if it may not be opened as it is configured.

    Its published address is plain http, where everyone on the way can read the password: that has to be accepted.
    """
    given = settings.backoffice
    if verdict := address_problem(given.login_url, allow_http=given.allow_http):
        reason, cure = verdict
        raise UsageError(Text(f"backoffice.login_url {reason.en}.", f"backoffice.login_url {reason.zh}。"), cure)
    return backoffice(settings)

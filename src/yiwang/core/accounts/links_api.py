"""Setting a password by a one-time link, over HTTP: open to whoever holds the link."""

from ninja import Status

from yiwang.core.accounts import links
from yiwang.core.accounts.staff_schemas import LinkFor, LinkIn, LinkUse
from yiwang.core.http.headers import sender_ip
from yiwang.core.http.routes import PUBLIC, ActingRequest, Router

router = Router(tags=["accounts"])


@router.post("/password-links/check", permission=PUBLIC, response=LinkFor)
def check_password_link(request: ActingRequest, payload: LinkIn) -> object:
    """For whom a link is and until when; changes nothing but the count of wrong tries."""
    link = links.opened(payload.token, ip=sender_ip(request))
    return {"username": link.user.username, "name": link.user.name, "expires_at": link.expires_at}


@router.post("/password-links/use", permission=PUBLIC, response={204: None})
def use_password_link(request: ActingRequest, payload: LinkUse) -> object:
    """Set the password of the person for whom the link is; the link is then used up."""
    links.use(payload.token, payload.new, ip=sender_ip(request))
    return Status(204, None)

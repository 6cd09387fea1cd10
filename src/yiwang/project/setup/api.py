"""The first run over HTTP, and what wants attention."""

from ninja import Status

from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.http.schemas import LongJobOut
from yiwang.project.setup import actions, demo_instead, queries
from yiwang.project.setup.schemas import AttentionOut, ConfirmIn, DemoIn, SetupOut
from yiwang.project.system.permissions import RUN, VIEW

router = Router(tags=["setup"])


@router.get("/setup", permission=VIEW, response=SetupOut)
def get_setup(request: ActingRequest) -> object:
    """The steps by which an installation is made ready, each as it stands now."""
    return queries.overview()


@router.post("/setup/steps/{key}/confirm", permission=RUN, response=SetupOut)
def confirm_step(request: ActingRequest, key: str, payload: ConfirmIn) -> object:
    """Say that what a step shows was looked through."""
    actions.confirm(request.actor, key, mark=payload.mark)
    return queries.overview()


@router.post("/setup/steps/{key}/later", permission=RUN, response=SetupOut)
def put_off_step(request: ActingRequest, key: str) -> object:
    """Leave a step that is not required for later."""
    actions.put_off(request.actor, key)
    return queries.overview()


@router.post("/setup/steps/{key}/reopen", permission=RUN, response=SetupOut)
def take_up_step(request: ActingRequest, key: str) -> object:
    """Take back that a step was confirmed or put off."""
    actions.take_up(request.actor, key)
    return queries.overview()


@router.post("/setup/demo", permission=RUN, response={202: LongJobOut})
def load_demo_district(request: ActingRequest, payload: DemoIn) -> object:
    """Make this empty installation a demo for good, with the made-up people and cases of the demo district."""
    return Status(202, demo_instead.begin(request.actor, typed=payload.confirm))


@router.get("/attention", permission=SIGNED_IN, response=AttentionOut)
def list_attention(request: ActingRequest) -> object:
    """What wants one's attention now, of what one may see to."""
    return queries.wanted(request.actor)

"""Who may sign in, with which role; somebody new, changes, and who gets the digest."""

from onemind import runtime, ui
from onemind.access import ADMINISTER, require
from onemind.ui.admin import digests
from onemind.ui.admin.people import changed, listed, new

require(ui.visitor.user(), ADMINISTER)
people = runtime.appdb().people.all()
listed(people)
changed(people)
new(people)
digests.panel()

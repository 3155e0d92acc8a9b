"""Who may sign in, with which role; somebody new, and changes."""

from onemind import runtime, ui
from onemind.access import ADMINISTER, require
from onemind.ui.admin.people import changed, listed, new

require(ui.visitor.user(), ADMINISTER)
people = runtime.appdb().people.all()
listed(people)
changed(people)
new(people)

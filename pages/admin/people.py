"""Who may sign in, with which role; somebody new, and changes."""

from onemind import ui, ui_people, ui_visitor
from onemind.access import ADMINISTER, require

require(ui.user(), ADMINISTER)
people = ui_visitor.state().people.all()
ui_people.listed(people)
ui_people.changed(people)
ui_people.new(people)

"""Who did what, when and from where: newest first, filtered, as CSV."""

from onemind import ui, ui_activity
from onemind.access import ADMINISTER, require

require(ui.user(), ADMINISTER)
ui_activity.listed(ui_activity.asked())

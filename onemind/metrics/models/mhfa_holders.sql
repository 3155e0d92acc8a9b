-- One row per as-of date and counted officer with a valid MHFA certificate: its last valid day, or
-- that of the last one if there are several.
select as_of, department_id, officer_id, mhfa_until as valid_until
from trained_officers
where mhfa_until >= as_of

-- One row an as-of date and counted officer with a valid MHFA certificate: the last day one is valid.
select as_of, department_id, officer_id, mhfa_until as valid_until
from trained_officers
where mhfa_until >= as_of

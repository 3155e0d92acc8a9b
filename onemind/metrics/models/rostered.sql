-- One row a department that has a roster, whatever the dates in it.
select distinct department_id
from officers

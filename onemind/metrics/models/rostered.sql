-- One row per department with a roster, whatever its dates.
select distinct department_id
from officers

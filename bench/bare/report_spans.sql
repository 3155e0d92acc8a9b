-- One row per department that had training records by the as-of date: the day of the latest. It
-- holds for one as-of date, so there is no need to know when the next one comes.
select department_id, max(completed_on) as reported_on, 'infinity'::date as ends_before
from training
where completed_on <= list_max($dates)
group by department_id

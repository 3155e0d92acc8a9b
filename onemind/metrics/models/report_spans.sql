-- One row per department and day of its training records: the days when that report is its latest.
with days as (
    select distinct department_id, completed_on
    from training
)
select
    department_id,
    completed_on as reported_on,
    lead(completed_on, 1, 'infinity'::date)
        over (partition by department_id order by completed_on) as ends_before
from days

-- One row per department, course and period that began by the as-of date: how officers rated it.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    feedback.department_id,
    feedback.course,
    feedback.period_start,
    strftime(feedback.period_start, '%Y-%m') as month,
    feedback.responses,
    feedback.rated_beneficial
from feedback
cross join dates
where feedback.period_start <= dates.as_of

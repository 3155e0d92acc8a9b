-- One row per as-of date, department, month and course: certificates issued by then, to anyone.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    training.department_id,
    date_trunc('month', training.completed_on)::date as month,
    training.course,
    count(*) as certificates
from training
cross join dates
where training.completed_on <= dates.as_of
group by dates.as_of, training.department_id, month, training.course

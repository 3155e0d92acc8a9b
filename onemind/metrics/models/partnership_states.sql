-- One row per department with a partnership, past or present, by the as-of date: whether one is
-- active.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    partnerships.department_id,
    bool_or(partnerships.ended_on is null or partnerships.ended_on > dates.as_of) as active
from partnerships
cross join dates
where partnerships.signed_on <= dates.as_of
group by dates.as_of, partnerships.department_id

-- One row per partnership signed by the as-of date: the partner, the kind, and whether it is
-- active.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    partnerships.department_id,
    partnerships.partner_id,
    partnerships.kind,
    partnerships.signed_on,
    if(partnerships.ended_on <= dates.as_of, partnerships.ended_on, null) as ended_on,
    coalesce(partnerships.ended_on > dates.as_of, true) as active
from partnerships
cross join dates
where partnerships.signed_on <= dates.as_of

-- One row an as-of date and sworn roster officer who is there and not exempt on that date.
with dates as (
    select unnest($dates) as as_of
)
select dates.as_of, officers.department_id, officers.officer_id
from officers
cross join dates
where
    officers.sworn
    and (officers.joined_on is null or officers.joined_on <= dates.as_of)
    and (officers.left_on is null or officers.left_on > dates.as_of)
    and not (
        (officers.exempt_reason is not null or officers.exempt_until is not null)
        and (officers.exempt_until is null or officers.exempt_until >= dates.as_of)
    )

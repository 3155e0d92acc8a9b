-- One row per department, period that ended by the as-of date, and kind of count it reported.
with dates as (
    select unnest($dates) as as_of
),
given as (
    select department_id, period_start, period_end, mh_calls, kind, number
    from outcomes
    unpivot (
        number for kind in (
            trained_officer_on_scene,
            resolved_on_scene,
            referred_to_care,
            transported_voluntary,
            transported_involuntary,
            arrests,
            force_used,
            officer_injuries,
            civilian_injuries,
            repeat_contacts
        )
    )
    union all
    select department_id, period_start, period_end, mh_calls, 'mh_calls', mh_calls
    from outcomes
    where mh_calls is not null
)
select
    dates.as_of,
    given.department_id,
    given.period_start,
    given.period_end,
    given.mh_calls,
    given.kind,
    given.number
from given
cross join dates
where given.period_end <= dates.as_of

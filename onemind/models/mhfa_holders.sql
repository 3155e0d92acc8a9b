-- One row an as-of date and counted officer with a valid MHFA certificate: the last day one is valid.
with dates as (
    select unnest($dates) as as_of
),
rosters as (
    select distinct department_id
    from officers
),
active as (
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
),
held as (
    select
        pledge_states.as_of,
        certificates.department_id,
        certificates.officer_id,
        max(certificates.valid_until) as valid_until
    from certificates
    join pledge_states using (department_id)
    where
        certificates.practice = 'mhfa'
        and certificates.from_rank <= pledge_states.rank
        and certificates.completed_on <= pledge_states.as_of
        and certificates.valid_until >= pledge_states.as_of
        and (
            coalesce(certificates.sworn, true)
            or certificates.department_id in (select department_id from rosters)
        )
    group by pledge_states.as_of, certificates.department_id, certificates.officer_id
)
select held.as_of, held.department_id, held.officer_id, held.valid_until
from held
left join rosters using (department_id)
left join active using (as_of, department_id, officer_id)
where rosters.department_id is null or active.officer_id is not null

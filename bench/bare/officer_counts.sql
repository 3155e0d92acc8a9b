-- One row per as-of date and department with officers counted on that date, in the plainest way: the
-- certificates earned by then under the edition of the day, with no spans of days prepared.
with counting as (
    select
        pledge_states.as_of,
        certificates.department_id,
        certificates.officer_id,
        certificates.practice,
        certificates.completed_on,
        certificates.valid_until
    from certificates
    join pledge_states using (department_id)
    left join rostered using (department_id)
    left join active_officers using (as_of, department_id, officer_id)
    where
        certificates.from_rank <= pledge_states.rank
        and certificates.completed_on <= pledge_states.as_of
        and if(
            rostered.department_id is not null,
            active_officers.officer_id is not null,
            coalesce(certificates.sworn, true)
        )
),
trained_officers as (
    select
        as_of,
        department_id,
        officer_id,
        min(completed_on) filter (where practice = 'mhfa') as first_mhfa_on,
        max(valid_until) filter (where practice = 'mhfa') as mhfa_until,
        max(valid_until) filter (where practice = 'cit') as cit_until
    from counting
    group by as_of, department_id, officer_id
),
trained as (
    select
        as_of,
        department_id,
        count(*) filter (where mhfa_until >= as_of) as mhfa,
        count(*) filter (where cit_until >= as_of) as cit,
        count(*) filter (where mhfa_until >= as_of or cit_until >= as_of) as either,
        count(*) filter (where mhfa_until between as_of and as_of + expiring_days) as expiring,
        count(*) filter (where mhfa_until < as_of) as lapsed,
        count(*) filter (where first_mhfa_on > as_of - pace_days) as newly
    from trained_officers
    cross join spans
    group by as_of, department_id
),
present as (
    select as_of, department_id, count(*) as active
    from active_officers
    group by as_of, department_id
)
select
    as_of,
    department_id,
    coalesce(trained.mhfa, 0) as mhfa,
    coalesce(trained.cit, 0) as cit,
    coalesce(trained.either, 0) as either,
    coalesce(trained.expiring, 0) as expiring,
    coalesce(trained.lapsed, 0) as lapsed,
    coalesce(trained.newly, 0) as newly,
    coalesce(present.active, 0) as active
from trained
full join present using (as_of, department_id)

-- One row a counted officer and span of days: until when each practice's certificates are valid.
-- Counted are active sworn roster officers; without a roster, officers of rows not marked as not sworn.
with counting as (
    select
        certificates.department_id,
        certificates.officer_id,
        certificates.practice,
        certificates.completed_on,
        certificates.valid_until,
        rank_spans.starts_on as judged_from,
        rank_spans.ends_before as judged_before,
        rostered.department_id is not null as has_roster
    from certificates
    join rank_spans
        on rank_spans.department_id = certificates.department_id
        and rank_spans.rank >= certificates.from_rank
        and rank_spans.ends_before > certificates.completed_on
    left join rostered on rostered.department_id = certificates.department_id
    where rostered.department_id is not null or coalesce(certificates.sworn, true)
),
running as (
    select
        department_id,
        officer_id,
        has_roster,
        greatest(completed_on, judged_from) as starts_on,
        least(
            lead(completed_on, 1, 'infinity'::date) over officer, judged_before
        ) as ends_before,
        min(if(practice = 'mhfa', completed_on, null)) over officer as first_mhfa_on,
        max(if(practice = 'mhfa', valid_until, null)) over officer as mhfa_until,
        max(if(practice = 'cit', valid_until, null)) over officer as cit_until
    from counting
    window officer as (
        partition by department_id, officer_id, judged_from
        order by completed_on
        rows between unbounded preceding and current row
    )
),
present as (
    select
        running.department_id,
        running.officer_id,
        greatest(running.starts_on, roster_spans.starts_on) as starts_on,
        least(running.ends_before, roster_spans.ends_before) as ends_before,
        running.first_mhfa_on,
        running.mhfa_until,
        running.cit_until
    from running
    join roster_spans using (department_id, officer_id)
    where running.has_roster
    union all
    select department_id, officer_id, starts_on, ends_before, first_mhfa_on, mhfa_until, cit_until
    from running
    where not has_roster
)
select department_id, officer_id, starts_on, ends_before, first_mhfa_on, mhfa_until, cit_until
from present
where starts_on < ends_before

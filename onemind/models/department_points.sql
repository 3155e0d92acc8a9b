-- One row a department: where to draw it. By its town first, for coordinates given with agency lists are
-- often the county's midpoint; then by its own coordinates; then by its county.
with names as (
    select state, lower(municipality) as municipality, latitude, longitude
    from places
    union
    select
        state,
        lower(unnest(string_split(aliases, '|'))) as municipality,
        latitude,
        longitude
    from places
    where aliases <> ''
),
named as (
    select state, municipality, any_value(latitude) as latitude, any_value(longitude) as longitude
    from names
    group by state, municipality
)
select
    departments.department_id,
    case
        when named.latitude is not null then named.latitude
        when departments.latitude + departments.longitude is not null then departments.latitude
        else counties.latitude
    end as latitude,
    case
        when named.latitude is not null then named.longitude
        when departments.latitude + departments.longitude is not null then departments.longitude
        else counties.longitude
    end as longitude,
    case
        when named.latitude is not null then 'municipality'
        when departments.latitude + departments.longitude is not null then 'coordinates'
        when counties.latitude is not null then 'county'
        else 'unknown'
    end as placed_by
from departments
left join named
    on named.state = departments.state
    and named.municipality = lower(departments.municipality)
left join counties
    on counties.state = departments.state
    and lower(counties.county) = lower(departments.county)

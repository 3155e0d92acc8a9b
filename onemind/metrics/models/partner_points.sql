-- One row per partner: where to draw it, by its own coordinates, else its town, else its county.
select
    partners.partner_id,
    case
        when partners.latitude + partners.longitude is not null then partners.latitude
        when town_names.latitude is not null then town_names.latitude
        else counties.latitude
    end as latitude,
    case
        when partners.latitude + partners.longitude is not null then partners.longitude
        when town_names.latitude is not null then town_names.longitude
        else counties.longitude
    end as longitude,
    case
        when partners.latitude + partners.longitude is not null then 'coordinates'
        when town_names.latitude is not null then 'municipality'
        when counties.latitude is not null then 'county'
        else 'unknown'
    end as placed_by
from partners
left join town_names
    on town_names.state = partners.state
    and town_names.municipality = lower(partners.municipality)
left join counties
    on counties.state = partners.state
    and lower(counties.county) = lower(partners.county)

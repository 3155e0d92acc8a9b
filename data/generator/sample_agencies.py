"""Towns with a police department and the other agencies: real names and places, rough sizes.

Populations are hundreds of people to two figures, only there to make the sample's departments
believable in size. The 27 towns that are missing have no department of their own (domain fact).
"""

from __future__ import annotations

from typing import NamedTuple

TOWNS = """
Abington 160, Acton 240, Acushnet 110, Adams 80, Agawam 290, Amesbury 180, Amherst 400, Andover
360, Aquinnah 3, Arlington 460, Ashburnham 63, Ashby 32, Ashfield 17, Ashland 180, Athol 120,
Attleboro 450, Auburn 170, Avon 45, Ayer 82, Barnstable 440, Barre 56, Becket 17, Bedford 140,
Belchertown 150, Bellingham 170, Belmont 270, Berkley 67, Berlin 32, Bernardston 21, Beverly
420, Billerica 440, Blackstone 93, Blandford 12, Bolton 53, Boston 6900, Bourne 200, Boxborough
66, Boxford 84, Boylston 47, Braintree 370, Brewster 98, Bridgewater 280, Brimfield 37, Brockton
960, Brookfield 34, Brookline 590, Buckland 19, Burlington 280, Cambridge 1100, Canton 240,
Carlisle 53, Carver 120, Charlemont 12, Charlton 140, Chatham 62, Chelmsford 350, Chelsea 410,
Cheshire 31, Chester 14, Chesterfield 12, Chicopee 560, Chilmark 12, Clinton 140, Cohasset 87,
Concord 200, Cummington 9, Dalton 66, Danvers 280, Dartmouth 340, Dedham 250, Deerfield 50,
Dennis 140, Dighton 78, Douglas 89, Dover 61, Dracut 320, Dudley 120, Dunstable 34, Duxbury 160,
East Bridgewater 150, East Brookfield 22, East Longmeadow 160, Eastham 49, Easthampton 160,
Easton 250, Edgartown 45, Egremont 12, Erving 18, Essex 38, Everett 470, Fairhaven 160, Fall
River 900, Falmouth 310, Fitchburg 410, Foxborough 180, Framingham 720, Franklin 330, Freetown
94, Gardner 210, Georgetown 88, Gill 15, Gloucester 300, Goshen 11, Grafton 190, Granby 63,
Granville 16, Great Barrington 68, Greenfield 170, Groton 120, Groveland 68, Hadley 53, Halifax
79, Hamilton 81, Hampden 52, Hanover 150, Hanson 110, Hardwick 30, Harvard 66, Harwich 120,
Hatfield 33, Haverhill 640, Hingham 240, Hinsdale 19, Holbrook 110, Holden 190, Holland 25,
Holliston 150, Holyoke 400, Hopedale 60, Hopkinton 180, Hubbardston 47, Hudson 200, Hull 100,
Ipswich 140, Kingston 140, Lakeville 120, Lancaster 81, Lanesborough 29, Lawrence 810, Lee 58,
Leicester 110, Lenox 49, Leominster 420, Leverett 19, Lexington 340, Leyden 7, Lincoln 68,
Littleton 100, Longmeadow 160, Lowell 1100, Ludlow 220, Lunenburg 120, Lynn 950, Lynnfield 130,
Malden 620, Manchester-by-the-Sea 54, Mansfield 240, Marblehead 210, Marion 51, Marlborough 400,
Marshfield 260, Mashpee 140, Mattapoisett 64, Maynard 110, Medfield 130, Medford 580, Medway
130, Melrose 290, Mendon 61, Merrimac 67, Methuen 510, Middleborough 250, Middleton 100, Milford
290, Millbury 140, Millis 83, Millville 33, Milton 280, Monson 88, Montague 82, Monterey 9,
Nahant 35, Nantucket 110, Natick 370, Needham 310, New Bedford 950, New Salem 10, Newbury 71,
Newburyport 180, Newton 900, Norfolk 120, North Adams 130, North Andover 310, North Attleborough
290, North Brookfield 48, North Reading 160, Northampton 290, Northborough 150, Northbridge 170,
Northfield 30, Norton 200, Norwell 110, Norwood 290, Oak Bluffs 47, Oakham 19, Orange 76,
Orleans 58, Oxford 140, Palmer 120, Paxton 49, Peabody 530, Pelham 13, Pembroke 180, Pepperell
120, Petersham 13, Phillipston 18, Pittsfield 420, Plainville 92, Plymouth 600, Plympton 30,
Princeton 35, Provincetown 30, Quincy 940, Randolph 340, Raynham 140, Reading 260, Rehoboth 120,
Revere 540, Richmond 14, Rochester 56, Rockland 180, Rockport 72, Rowe 4, Rowley 64, Royalston
13, Russell 18, Rutland 89, Salem 440, Salisbury 94, Sandwich 200, Saugus 280, Savoy 7, Scituate
190, Seekonk 160, Sharon 180, Sheffield 33, Shelburne 19, Sherborn 44, Shirley 76, Shrewsbury
380, Somerset 180, Somerville 820, South Hadley 180, Southampton 62, Southborough 100,
Southbridge 170, Southwick 98, Spencer 120, Springfield 1600, Sterling 81, Stockbridge 19,
Stoneham 220, Stoughton 290, Stow 72, Sturbridge 96, Sudbury 190, Sunderland 36, Sutton 95,
Swampscott 150, Swansea 170, Taunton 570, Templeton 82, Tewksbury 320, Tisbury 41, Tolland 5,
Topsfield 66, Townsend 96, Truro 20, Tyngsborough 120, Upton 80, Uxbridge 140, Wakefield 270,
Wales 19, Walpole 250, Waltham 630, Ware 99, Wareham 230, Warren 52, Warwick 8, Watertown 360,
Wayland 140, Webster 170, Wellesley 300, Wellfleet 27, Wenham 53, West Boylston 80, West
Bridgewater 72, West Brookfield 38, West Newbury 47, West Springfield 290, West Tisbury 29,
Westborough 190, Westfield 420, Westford 250, Westhampton 16, Westminster 78, Weston 120,
Westport 160, Westwood 160, Weymouth 570, Whately 15, Whitman 150, Wilbraham 150, Williamsburg
25, Williamstown 78, Wilmington 240, Winchendon 110, Winchester 230, Winthrop 190, Woburn 400,
Worcester 1900, Worthington 12, Wrentham 120, Yarmouth 230
"""

# name | municipality | latitude | longitude
CAMPUSES = """
Amherst College | Amherst | 42.37 | -72.52
Assumption University | Worcester | 42.29 | -71.83
Babson College | Wellesley | 42.30 | -71.27
Bentley University | Waltham | 42.39 | -71.22
Boston College | Newton | 42.34 | -71.17
Boston University | Boston | 42.35 | -71.10
Brandeis University | Waltham | 42.37 | -71.26
Bridgewater State University | Bridgewater | 41.99 | -70.97
Bristol Community College | Fall River | 41.72 | -71.12
Bunker Hill Community College | Boston | 42.38 | -71.07
Cape Cod Community College | Barnstable | 41.69 | -70.34
Clark University | Worcester | 42.25 | -71.82
College of the Holy Cross | Worcester | 42.24 | -71.81
Curry College | Milton | 42.24 | -71.11
Dean College | Franklin | 42.08 | -71.40
Emerson College | Boston | 42.35 | -71.07
Endicott College | Beverly | 42.55 | -70.85
Fisher College | Boston | 42.36 | -71.07
Fitchburg State University | Fitchburg | 42.59 | -71.79
Framingham State University | Framingham | 42.30 | -71.44
Gordon College | Wenham | 42.59 | -70.82
Greenfield Community College | Greenfield | 42.60 | -72.63
Hampshire College | Amherst | 42.33 | -72.53
Harvard University | Cambridge | 42.37 | -71.12
Holyoke Community College | Holyoke | 42.19 | -72.65
Lasell University | Newton | 42.34 | -71.24
MCPHS University | Boston | 42.34 | -71.10
Massachusetts Bay Community College | Wellesley | 42.31 | -71.27
Massachusetts College of Art and Design | Boston | 42.34 | -71.10
Massachusetts College of Liberal Arts | North Adams | 42.69 | -73.10
Massachusetts Institute of Technology | Cambridge | 42.36 | -71.09
Massasoit Community College | Brockton | 42.07 | -70.99
Merrimack College | North Andover | 42.67 | -71.12
Mount Holyoke College | South Hadley | 42.26 | -72.57
Mount Wachusett Community College | Gardner | 42.59 | -71.98
North Shore Community College | Danvers | 42.59 | -70.97
Northeastern University | Boston | 42.34 | -71.09
Quinsigamond Community College | Worcester | 42.31 | -71.79
Regis College | Weston | 42.35 | -71.31
Salem State University | Salem | 42.50 | -70.89
Simmons University | Boston | 42.34 | -71.10
Smith College | Northampton | 42.32 | -72.64
Springfield College | Springfield | 42.10 | -72.56
Springfield Technical Community College | Springfield | 42.11 | -72.58
Stonehill College | Easton | 42.06 | -71.08
Tufts University | Medford | 42.41 | -71.12
University of Massachusetts Amherst | Amherst | 42.39 | -72.53
University of Massachusetts Boston | Boston | 42.31 | -71.04
University of Massachusetts Chan Medical School | Worcester | 42.28 | -71.76
University of Massachusetts Dartmouth | Dartmouth | 41.63 | -71.01
Wellesley College | Wellesley | 42.29 | -71.31
Wentworth Institute of Technology | Boston | 42.34 | -71.10
Western New England University | Springfield | 42.11 | -72.52
Westfield State University | Westfield | 42.13 | -72.80
Wheaton College | Norton | 41.97 | -71.18
Worcester State University | Worcester | 42.27 | -71.84
"""

# name | type | municipality | county | sworn officers
OTHERS = """
Massachusetts State Police | state | | | 2200
Massachusetts Environmental Police | state | Westborough | Worcester | 82
Massachusetts Bay Transportation Authority Police | transit | Boston | Suffolk | 248
Massachusetts General Hospital Police | hospital | Boston | Suffolk | 44
Beth Israel Deaconess Medical Center Police | hospital | Boston | Suffolk | 18
Wampanoag Tribe of Gay Head Police | tribal | Aquinnah | Dukes | 3
Boston Housing Authority Police | other | Boston | Suffolk | 21
Barnstable County Sheriff's Office | county | | Barnstable | 58
Dukes County Sheriff's Office | county | | Dukes | 12
Essex County Sheriff's Office | county | | Essex | 96
Middlesex County Sheriff's Office | county | | Middlesex | 104
Norfolk County Sheriff's Office | county | | Norfolk | 61
Worcester County Sheriff's Office | county | | Worcester | 88
"""


class Agency(NamedTuple):
    """An agency that is no town's police department; sworn is None where size is to be made up."""

    name: str
    type: str
    municipality: str
    county: str
    sworn: int | None
    latitude: float | None
    longitude: float | None


def town_populations() -> dict[str, int]:
    """Rounded population of each municipality that has its own police department."""
    entries = " ".join(TOWNS.split()).split(", ")
    pairs = (entry.rsplit(" ", 1) for entry in entries)
    return {name: int(hundreds) * 100 for name, hundreds in pairs}


def _fields(text: str) -> list[list[str]]:
    lines = text.strip().splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines]


def other_agencies() -> list[Agency]:
    """Campus, state, transit, hospital, tribal and county agencies; a campus has no county yet."""
    campuses = [
        Agency(f"{name} Police Department", "campus", town, "", None, float(lat), float(lon))
        for name, town, lat, lon in _fields(CAMPUSES)
    ]
    others = [
        Agency(name, kind, town, county, int(sworn), None, None)
        for name, kind, town, county, sworn in _fields(OTHERS)
    ]
    return campuses + others

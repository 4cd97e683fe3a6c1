/** Appointments, time, travel, stay, food, leisure, animals, and the spellings and forms of words (`synonyms.ts` says what a line is). */
export const PLACES: string = `
	walkin walk_in drop_in without_appointment turn_up pop_in just_come come_by swing_by unannounced
	cancel won_make unable_attend back_out bail pull_plug something_come make_it
	reschedule rearrange different_day another_day another_time different_time new_time change_date push_back bring_forward move_appointment
	slot appointment availability soonest earliest fit_me squeeze_me next_available see_me
	late run_late be_late stuck_traffic hold_up behind_schedule
	noshow no_show missed forget_appointment didn_show
	attend show_up come_along
	prepare beforehand get_ready advance prior
	holiday christmas easter thanksgiving xmas festive bank_holiday public_holiday new_year
	weekday working_day business_day
	noon midday lunchtime lunch_break
	annual year
	fortnight two_week biweekly
	nearby near nearest closest close_by around_corner
	hotel motel hostel accommodation lodging guesthouse place_stay somewhere_stay bnb
	cot crib baby_bed
	highchair high_chair booster_seat
	stroller pushchair buggy pram
	nappy diaper changing_table baby_change
	toilet restroom bathroom washroom loo lavatory wc
	elevator lift ramp stair upstairs downstairs
	wheelchair crutch walker mobility
	flight plane airplane aeroplane airport
	shuttle transfer airport_pickup pick_airport
	taxi cab uber lyft
	subway metro underground tram
	railway train rail
	ferry boat
	walk on_foot walking_distance
	drive by_car
	parking carpark car_park leave_car parking_lot garage
	entrance door main_door
	belonging lose_property lose_find lose_item misplace leave_behind forget_room leave_room
	attraction sightseeing tour tourist
	beach sea ocean seaside
	outdoor outside patio terrace open_air
	indoor inside
	weather rain storm snow bad_weather
	aircon air_conditioning air_con cooling
	bedding linen sheet towel duvet blanket
	pillow cushion
	view balcony
	housekeeping maid clean_room room_clean
	dirty filthy unclean messy grubby
	noise noisy loud keep_awake next_door
	venue hall function
	dessert cake pudding
	starter appetizer
	alcohol wine beer booze cocktail liquor
	corkage byob bring_wine own_wine own_alcohol bring_bottle own_bottle
	soda soft_drink
	coffee tea espresso
	fries chips
	halal kosher dietary
	celiac coeliac gluten wheat glutenfree gluten_free
	lactose dairy milk
	nut peanut allergen
	allergen allergy intolerant
	spicy chilli chili
	veggie vegetarian vegetable meatless no_meat
	seafood fish shellfish
	ingredient recipe contain make_from
	takeaway takeout carryout take_away
	leftover doggy_bag
	snack bite_eat nibble
	table seat
	own_food bring_food picnic packed_lunch
	pause freeze put_hold on_hold take_break suspend
	terminate cancel quit back_out
	class session lesson course
	yoga pilates
	swimwear swimsuit bathing_suit trunks
	football soccer
	beginner newbie novice out_shape never_done
	ticket admission entry
	concert gig performance
	cinema movie film
	museum exhibition gallery
	playground play_area
	toy game
	kennel cattery boarding pet_sitting pet_sitter dog_sitter
	neuter spay castrate desex
	microchip chip
	flea tick worm parasite
	groom fur
	lame limp
	euthanasia put_down put_sleep
	bird parrot budgie
	hamster rodent guinea_pig
	horse pony
	leash muzzle
	resolve solve sort_out deal_with handle settle
	refuse deny turn_away turn_down
	unavailable run_out none_leave
	allow mind_if be_alright
	compare comparison difference versus vs
	usual normal typical standard
	enough sufficient
	throw threw thrown
	catch caught
	bite bitten
	fly flew flown
	ride rode ridden
	drink drank drunk
	hide hid hidden
	grow grew grown
	shrink shrank shrunk
	ring rang rung
	swim swam
	build built
	feed fed
	lend lent
	bleed bled
	shake shook shaken
	fight fought
	stick stuck
	sting stung
	bend bent
	learn learnt
	spoil spoilt
	colour color
	centre center
	program programme
	organise organize
	authorise authorize
	recognise recognize
	jewellery jewelry
	theatre theater
	pyjamas pajamas
	flavour flavor
	odour odor
	neighbourhood neighborhood
	grey gray
`;

/** What comes up with any business (`synonyms.ts` says what a line is). */
export const GENERAL: string = `
	kid child toddler baby infant son daughter boy girl teenager minor
	parent mom mum mother dad father guardian caregiver
	partner wife husband spouse
	family relative sibling brother sister twin
	friend companion guest visitor
	doctor physician clinician dentist provider specialist
	clinic practice office
	staff team employee worker nurse colleague personnel
	customer client patient guest user
	boss employer company business
	school kindergarten preschool daycare
	register registration sign_up enroll join create_account
	login log_in sign_in username account
	password passcode pin login
	forget remember lose reset recover
	lock locked_out block suspend
	delete remove erase close_account get_rid take_off deactivate
	unsubscribe opt_out stop_sending newsletter
	data information info detail record
	privacy private confidential secure safe safety protect encrypt
	see view read access look show display
	share give pass
	price cost fee charge how_much rate expensive cheap cheaper quote estimate
	pay payment bill invoice cash card instalment finance price
	free complimentary no_charge
	discount coupon voucher code deal reduction reduced cheaper promotion gift
	refund money_back reimburse get_back
	return send_back give_back bring_back
	exchange swap replace substitute trade
	insurance coverage cover benefit
	accept take recognise
	hour open close weekend sunday saturday today what_time when_open when_close
	late midnight night evening after_hour
	book appointment schedule reserve slot calendar visit make_appointment
	cancel call_off reschedule postpone move put_off not_make miss change no_show not_come don_show not_show
	arrive check_in get_in come_in checkin
	leave departure check_out depart checkout
	stay_longer extend extension
	long duration minute last take_long how_long
	wait queue line
	deadline due expire expiry valid invalid run_out outdated
	stop pause interrupt break quit
	start begin get_started launch next
	finish complete fill_in fill_out
	submit send hand_in
	continue go_on carry_on resume later
	location address place find situated where_are where_is
	get_there reach direction route map travel way
	park car garage vehicle
	bus train public_transport station airport taxi
	phone telephone call number contact ring reach
	mail email message letter inbox
	device phone mobile smartphone tablet ipad iphone android computer laptop pc
	app application install download software
	internet wifi wireless network
	browser chrome safari website page site
	language translate speak interpreter spanish english
	form questionnaire survey paperwork document
	result score outcome report finding
	answer reply respond response write
	question ask enquiry inquiry query
	connect integrate interface sync link work_with
	set_up setup install put_together assemble configure
	learn train course study teach webinar tutorial lesson class education
	job career vacancy hire work_for position
	help support assist
	problem issue trouble error fail wrong not_work doesn_work
	break crack chip damage bent faulty defect
	fix repair mend service maintenance workshop
	guarantee warranty
	complain complaint feedback review
	emergency urgent crisis danger asap right_away
	hurt pain ache sore toothache headache
	bleed blood swell
	afraid scare fear nervous anxious anxiety terrify frighten worry phobia
	sad depression mood suicide
	sick ill unwell disease symptom cold flu fever
	medicine medication drug pill tablet
	pregnant pregnancy
	allergy allergic intolerance
	age old young birthday year
	eat food drink meal feed dish restaurant menu hungry
	vegan vegetarian plantbased diet plant_based
	breakfast lunch dinner buffet
	dog puppy cat kitten pet animal
	smoke cigarette
	bag luggage suitcase baggage belonging
	pull pull_out take_out extract remove
	bright white whiten lighten
	clean wash hygiene wipe
	often frequently every regularly
	quiet loud noise noisy silence
	wheelchair disability accessible stepfree step_free
	wedding party celebration event hall conference meeting
	swim pool spa sauna
	gym fitness workout exercise sport
	bike bicycle cycle
	buy purchase order shop
	parcel package delivery deliver ship shipment arrive
	abroad international foreign country overseas
	stock available sell_out in_stock out_stock
	try trial demo sample taster
	rent hire lease borrow
	size fit tall big large small
	battery range charge
	need require necessary must
	allow permit permission ok
	bring take_along carry
	secondhand used previous old second_hand
	new first beginner
	change edit update modify correct
	transfer forward hand_over send
	missing gone lose leave_behind leave
	choose pick select option
	who responsible person owner
	lawyer attorney legal
	house home apartment flat room
	member membership subscription subscribe plan
	contract agreement term condition
	bank account transfer
	tax vat
	limit maximum minimum cap
	teacher tutor instructor trainer coach lecturer
	student pupil learner trainee
	homework assignment exercise task
	exam examination test quiz
	repeat retake again resit
	certificate diploma proof
	video recording stream playback watch
	subtitle caption transcript
	freeze stutter stuck crash slow lag hang
	vaccine shot jab injection immunization booster
	rabbit bunny
	fat overweight weight obese diet
	itch scratch rash skin
	smell breath odour bad_breath
	die dead death euthanasia funeral put_sleep
	surgery operation anaesthetic procedure put_under
	blood laboratory lab sample
	refill repeat_prescription prescription renew
	examine check checkup inspect look_at
	treat treatment therapy
	travel trip journey vacation holiday abroad
	look_after care boarding
	copy duplicate print pdf
	lose stray missing find
	fast quick soon speed
	slow delay late
	damage break crack scratch
	water leak pipe plumbing
	electricity power
	heating warm cold
	hair haircut cut barber
	makeup beauty nail
	massage relax wellness
	picture photo photograph image
	sell sale offer
	backup restore
	notification notify alert reminder
	upgrade downgrade switch_plan change
	switch change move
	lend loan mortgage credit
	sue court lawsuit claim dispute
	divorce separate
	inherit estate
	rent landlord tenant lease
	fire dismiss terminate sack laid_off
	salary wage pay income
	accident crash injury injured
	steal theft thief
	clothes wear dress
	shower locker changing_room
	gluten nut dairy lactose
	remote online virtual zoom
`;

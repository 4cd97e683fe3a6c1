// Other words for the same thing. Visitors write everyday English ("money back", "sign up"), help pages a more formal one
// ("refund", "registration"): this leads from one to the other. Nothing here is about one customer. Measured on questions
// about businesses that it was not made for, it finds half as many answers again as the words alone.

/**
 * A line is a set of words that may stand for each other, the commonest first. A pair such as money_back only leads to the
 * others: it is found where its second word follows the first closely.
 */
export const SYNONYMS: readonly string[] = `
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
	register registration sign_up enroll enrolment join create_account
	login log_in sign_in logged_in username account
	password passcode pin login
	forget remember lose reset recover
	lock locked_out block suspend
	delete remove erase close_account get_rid take_off deactivate
	unsubscribe opt_out stop_sending newsletter
	data information info detail record
	privacy private confidential secure security safe safety protect encrypt
	see view read access look show display
	share give pass
	price cost fee charge how_much rate expensive cheap cheaper quote estimate
	pay payment bill invoice cash card instalment installment finance price
	free complimentary no_charge
	discount coupon voucher code deal reduction reduced cheaper promotion gift
	refund money_back reimburse reimbursement get_back
	return send_back give_back bring_back
	exchange swap replace replacement substitute trade
	insurance insurer coverage cover benefit
	accept take recognise
	hour open close closed opening weekend sunday saturday today what_time when_open when_close
	late midnight night evening after_hour
	book booking appointment schedule reserve reservation slot calendar visit make_appointment
	cancel call_off reschedule postpone move put_off not_make miss change no_show not_come don_show not_show
	arrive arrival check_in get_in come_in checkin
	leave departure check_out depart checkout
	stay_longer extend extension
	long duration minute last take_long how_long
	wait waiting queue line
	deadline due expire expiry valid invalid validity run_out outdated
	stop pause interrupt break quit
	start begin get_started launch next
	finish complete fill_in fill_out
	submit send hand_in
	continue go_on carry_on resume later
	location address locate place find situated where_are where_is
	get_there reach direction route map travel way
	park parking car garage vehicle
	bus train public_transport station airport taxi
	phone telephone call number contact ring reach
	mail email message letter inbox
	device phone mobile smartphone tablet ipad iphone android computer laptop pc
	app application install download software
	internet wifi wireless network
	browser chrome safari website page site
	language translate translation speak interpreter spanish english
	form questionnaire survey paperwork document
	result score outcome report finding
	answer reply respond response write
	question ask enquiry inquiry query
	connect connection integrate integration interface sync link work_with
	set_up setup install installation put_together assemble assembly configure
	learn train course study teach webinar tutorial lesson class education
	job career vacancy hire work_for position
	help support assist assistance
	problem issue trouble error fail wrong not_work doesn_work
	break broken crack chip damage bent faulty defect
	fix repair mend service maintenance workshop
	guarantee warranty
	complain complaint feedback review
	emergency urgent crisis danger asap right_away
	hurt pain ache sore painful toothache headache
	bleed blood swell swelling
	afraid scare scared fear nervous anxious anxiety terrify frighten worry phobia
	sad depression mood suicide self-harm
	sick ill unwell illness disease symptom cold flu fever
	medicine medication drug pill tablet
	pregnant pregnancy
	allergy allergic intolerance
	age old young birthday year
	eat food drink meal feed dish restaurant menu hungry
	vegan vegetarian plant-based gluten-free diet
	breakfast lunch dinner buffet
	dog puppy cat kitten pet animal
	smoke smoking cigarette
	bag luggage suitcase baggage belonging
	pull pull_out take_out extract extraction remove
	bright white whiten lighten
	clean cleaning wash hygiene wipe
	often frequently every regularly
	quiet loud noise noisy silence
	wheelchair disability disabled accessible accessibility step-free
	wedding party celebration event hall conference meeting
	swim pool swimming spa sauna
	gym fitness workout exercise sport
	bike bicycle cycle
	buy purchase order shop
	parcel package delivery deliver ship shipping shipment arrive
	abroad international foreign country overseas
	stock available availability sold_out in_stock out_stock
	try trial demo sample taster
	rent hire lease lease borrow
	size fit tall big large small
	battery range charge
	need require necessary must requirement
	allow permit permission allowed ok
	bring take_along carry
	used second-hand previous old
	new first beginner
	change edit update modify correct
	transfer forward hand_over send
	missing gone lose lost leave_behind left
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
	vaccine vaccination vaccinate shot jab injection immunization booster
	rabbit bunny
	fat overweight weight obese diet
	itch itching scratch rash skin
	smell breath odour bad_breath
	die death dying euthanasia funeral put_sleep
	surgery operation anaesthetic procedure put_under
	blood laboratory lab sample
	refill repeat_prescription prescription renew
	examine examination check check-up checkup inspect look_at
	treat treatment therapy
	travel trip journey vacation holiday abroad
	look_after care boarding
	copy duplicate print pdf
	lost stray missing find
	fast quick soon quickly speed
	slow delay late
	damage broken crack scratch
	water leak pipe plumbing
	electricity power electric
	heating warm heat cold
	hair haircut cut barber
	makeup beauty nail
	massage relax wellness
	picture photo photograph image
	sell sale offer
	backup restore
	notification notify alert reminder remind
	upgrade downgrade switch_plan change
	switch change move
	invite invitation
	lend loan mortgage credit
	sue court lawsuit claim dispute
	divorce separate separation
	inherit inheritance will estate
	rent landlord tenant lease
	fire dismiss dismissal terminate sack laid_off
	salary wage pay income
	accident crash injury injured
	stolen steal theft thief
	clothes clothing wear dress
	shower locker changing_room
	gluten nut dairy lactose
	remote online virtual zoom
`
	.trim()
	.split(/\s*\n\s*/);

/**
 * Words that mean something in NMODL (keywords are written in capitals there), in the C++ that it becomes, or to NEURON in every
 * mechanism. Sources: NEURON 9, nocmodl's init.cpp and extdef.h; ISO C++17, table 5.
 */
const reserved = new Set(
  [
    'v t dt i area diam celsius secondorder stop break',
    'title define parameter constant independent assigned initial breakpoint terminal derivative equation conserve discrete kinetic',
    'linear nonlinear function procedure net_receive function_table for_netcons solve using with step start from to for if else while',
    'state states steadystate method units unitson unitsoff neuron suffix point_process artificial_cell useion read write valence',
    'nonspecific_current electrode_current range global pointer bbcorepointer external threadsafe random before after include verbatim',
    'comment local lag sweep forall depend depended compartment longitudinal_diffusion watch destructor constructor protect mutexlock',
    'mutexunlock partial delt react1 reaction match by table faraday pi gasconstant representation nrnfix protect_ charge netcon',
    'acos acosh asin asinh atan atan2 atanh ceil cos cosh erf exp fabs floor fmod log log10 pow round sin sinh sqrt tan tanh abs printf',
    'first_time error f_flux b_flux prterr threshold force deflate expfit spline hyperbol revhyperbol sigmoid revsigmoid harmonic sawtooth',
    'revsawtooth factorial gauss poisson setseed boundary romberg legendre nrn_random_play',
    'rand poisrand expran normrand scop_random set_seed exprand net_send net_event net_move at_time nrn_pointing state_discontinuity',
    'random_negexp random_normal random_setseq random_uniform nrn_ghk ghk schedule derivs invert perstep perpulse pulse ramp squarewave stepforce',
    'alignas alignof and asm auto bitand bitor bool case catch char class compl concept const continue decltype default delete do',
    'double dynamic_cast enum explicit export extern false float friend goto inline int long mutable namespace new noexcept not nullptr',
    'operator or private protected public register reinterpret_cast return short signed sizeof static static_assert static_cast struct',
    'switch template this thread_local throw true try typedef typeid typename union unsigned virtual void volatile wchar_t xor std',
    'null nan infinity main errno free malloc memcpy id index inst data node section linoid choose_less choose_at_most',
    'v_now left right then otherwise z equations next_step finish_step gates_and_states',
  ].flatMap((words) => words.split(' ')),
);

function isReserved(word: string): boolean {
  const isKeyword = word.length > 1 && word === word.toUpperCase() && reserved.has(word.toLowerCase());
  return isKeyword || reserved.has(word);
}

/** Gives every name of a model an identifier of its own that NMODL and the compiler behind it accept. */
export class NmodlNames {
  readonly #identifiers = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The identifier of a name of the model; the same one whenever it is asked for. */
  readonly of = (name: string): string => {
    const known = this.#identifiers.get(name);
    if (known !== undefined) return known;
    const identifier = this.fresh(name);
    this.#identifiers.set(name, identifier);
    return identifier;
  };

  /** An identifier that nothing else has, as near to a text as may be. */
  fresh(text: string): string {
    const word = text.replace(/\W/g, '_').replace(/^(?=[_\d])/, 'x');
    // Names with two underscores or one at the end may be the translator's own.
    const plain = word.replace(/_{2,}/g, '_').replace(/_$/, '');
    const free = (candidate: string): boolean => !this.#taken.has(candidate) && !isReserved(candidate);
    let identifier = plain;
    for (let n = 2; !free(identifier); n++) identifier = `${plain}_${n}`;
    this.#taken.add(identifier);
    return identifier;
  }
}

/** NEURON's name of a mechanism; the prefix keeps a model named «hh» apart from NEURON's own. */
export function mechanismName(model: string): string {
  return `chx_${model.replace(/\W/g, '_')}`;
}

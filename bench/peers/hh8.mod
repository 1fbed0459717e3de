: The model hh8 without noise, as one writes it for NEURON: gates by cnexp, no tables.
NEURON {
  SUFFIX hh8
  NONSPECIFIC_CURRENT i
  RANGE gNa, gK, gl, gM, tauMax, negVT, negEl
  THREADSAFE
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER {
  gNa = 0.05 (S/cm2)
  gK = 0.005 (S/cm2)
  gl = 0.0001 (S/cm2)
  gM = 0.00007 (S/cm2)
  tauMax = 600 (ms)
  negVT = 60 (mV)
  negEl = 70 (mV)
}
ASSIGNED { v (mV) i (mA/cm2) mInf hInf nInf pInf mTau (ms) hTau (ms) nTau (ms) pTau (ms) }
STATE { m h n p }
INITIAL {
  rates(v)
  m = mInf
  h = hInf
  n = nInf
  p = pInf
}
BREAKPOINT {
  SOLVE states METHOD cnexp
  i = gNa*m*m*m*h*(v - 53) + (gK*n*n*n*n + gM*p)*(v + 107) + gl*(v + negEl)
}
DERIVATIVE states {
  rates(v)
  m' = (mInf - m)/mTau
  h' = (hInf - h)/hTau
  n' = (nInf - n)/nTau
  p' = (pInf - p)/pTau
}
FUNCTION rateOver(z) {
  if (fabs(z) < 1e-4) { rateOver = 1 - z/2 } else { rateOver = z/(exp(z) - 1) }
}
PROCEDURE rates(v (mV)) {
  LOCAL x, a, b
  x = v + negVT
  a = 0.32*rateOver(-0.25*(x - 13))/0.25
  b = 0.28*rateOver(0.2*(x - 40))/0.2
  mTau = 1/(a + b)
  mInf = a*mTau
  a = 0.128*exp(-(x - 17)/18)
  b = 4/(1 + exp(-0.2*(x - 40)))
  hTau = 1/(a + b)
  hInf = a*hTau
  a = 0.032*rateOver(-0.2*(x - 15))/0.2
  b = 0.5*exp(-(x - 10)/40)
  nTau = 1/(a + b)
  nInf = a*nTau
  pInf = 1/(1 + exp(-0.1*(v + 35)))
  pTau = tauMax/(3.3*exp(0.05*(v + 35)) + exp(-0.05*(v + 35)))
}

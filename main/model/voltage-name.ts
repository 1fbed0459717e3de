/** What expressions call the voltage of a compartment by name; V is that of their own. One compartment alone has no name. */
export const voltageName = (compartment: string): string => (compartment === '' ? 'V' : `V_${compartment}`);

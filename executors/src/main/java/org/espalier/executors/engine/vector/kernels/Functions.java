// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * Elementary functions of our own, whose bits do not depend on a mathematical library: the scalar
 * form. The constants are shared with the vector form, which takes the same steps in the same
 * order.
 */
public final class Functions {
    private Functions() {}

    /** 1 / ln 2. */
    public static final float LOG2_E = 1.44269504f;

    /** ln 2 in two parts; the first has few enough bits that n times it is exact. */
    public static final float LN2_HIGH = 0.693359375f;

    public static final float LN2_LOW = -2.12194440e-4f;

    /** Adding this rounds a float of moderate size to a whole number in its low bits. */
    public static final float ROUNDER = 12582912f;

    /** Arguments are held within this range, where the result is neither denormal nor infinite. */
    public static final float EXP_MIN = -87f;

    public static final float EXP_MAX = 88f;

    // exp(r) = 1 + r + r^2 (E0 + E1 r + ... + E5 r^5), |r| <= ln(2) / 2: minimax, Cephes expf
    public static final float E0 = 5.0000001201e-1f;
    public static final float E1 = 1.6666665459e-1f;
    public static final float E2 = 4.1665795894e-2f;
    public static final float E3 = 8.3334519073e-3f;
    public static final float E4 = 1.3981999507e-3f;
    public static final float E5 = 1.9875691500e-4f;

    /** Below this magnitude tanh is its own polynomial. */
    public static final float TANH_SMALL = 0.625f;

    /** At this magnitude tanh is 1 in float. */
    public static final float TANH_LARGE = 9.1f;

    // tanh(x) = x + x^3 (T0 + T1 x^2 + ...), |x| < 0.625: minimax, Cephes tanhf
    public static final float T0 = -3.33332819422e-1f;
    public static final float T1 = 1.33314422036e-1f;
    public static final float T2 = -5.37397155531e-2f;
    public static final float T3 = 2.06390887954e-2f;
    public static final float T4 = -5.70498872745e-3f;

    /**
     * e^x to about 1 unit in the last place, x held in [{@link #EXP_MIN}, {@link #EXP_MAX}]; NaN
     * for NaN.
     *
     * <pre>
     *   n = round(x / ln 2);  r = fma(-n, low, fma(-n, high, x))
     *   e^x = 2^n (fma(q, r^2, r) + 1), q the polynomial by Horner from E5
     * </pre>
     */
    static float exp(float x) {
        float held = x < EXP_MIN ? EXP_MIN : x > EXP_MAX ? EXP_MAX : x;
        float shifted = Math.fma(held, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, held));
        float q = E5;
        q = Math.fma(q, r, E4);
        q = Math.fma(q, r, E3);
        q = Math.fma(q, r, E2);
        q = Math.fma(q, r, E1);
        q = Math.fma(q, r, E0);
        float mantissa = Math.fma(q, r * r, r) + 1f;
        // The low bits of the shifted number are n: moved to the exponent they make 2^n.
        int exponent = (Float.floatToRawIntBits(shifted) << 23) + 0x3f80_0000;
        return mantissa * Float.intBitsToFloat(exponent);
    }

    /**
     * tanh x to about 2 units in the last place: for |x| below {@link #TANH_SMALL} {@code fma(x
     * x^2, t, x)} with t by Horner from T4, otherwise {@code 1 - 2 / (exp(2 |x|) + 1)} with the
     * sign of x.
     */
    static float tanh(float x) {
        float magnitude = Math.abs(x);
        float square = x * x;
        float t = T4;
        t = Math.fma(t, square, T3);
        t = Math.fma(t, square, T2);
        t = Math.fma(t, square, T1);
        t = Math.fma(t, square, T0);
        float small = Math.fma(x * square, t, x);
        float held = magnitude > TANH_LARGE ? TANH_LARGE : magnitude;
        float large = 1f - 2f / (exp(held + held) + 1f);
        return magnitude < TANH_SMALL ? small : x < 0 ? -large : large;
    }
}

namespace ChunkProxy.Cache.Ownership;

/// <summary>A natural logarithm with the same bits on every processor and operating system.</summary>
/// <remarks>
/// <see cref="Math.Log(double)"/> calls the platform's C library, whose last bit may differ. This implementation uses only +, -, * and / on doubles.
/// IEEE 754 rounds each of them exactly, and .NET neither widens nor fuses them on its own.
/// </remarks>
internal static class NaturalLog
{
    private const double Ln2 = 0.693147180559945309417;
    private const double SquareRootOfHalf = 0.707106781186547524401;
    private const int ExponentBias = 1022; // of a mantissa in [0.5, 1)

    /// <summary>Returns ln(x) within 4 units in the last place, for normal x in (0, 1).</summary>
    public static double Of(double x)
    {
        var bits = BitConverter.DoubleToUInt64Bits(x);
        var exponent = (int)(bits >> 52) - ExponentBias;
        var mantissa = BitConverter.UInt64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | ((ulong)ExponentBias << 52));
        if (mantissa < SquareRootOfHalf)
        {
            mantissa *= 2;
            exponent--;
        }

        // ln(m) = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.172: the first omitted term is below 2^-58 of the sum.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 1.0 / 21;
        for (var divisor = 19; divisor >= 3; divisor -= 2)
        {
            sum = (sum * square) + (1.0 / divisor);
        }

        return (exponent * Ln2) + (2 * (s + (s * square * sum)));
    }
}

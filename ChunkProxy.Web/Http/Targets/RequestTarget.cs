using System.Buffers;

namespace ChunkProxy.Web.Http.Targets;

/// <summary>[1] Converts a raw request target to the normal form of its path and query, or rejects it.</summary>
/// <remarks>
/// Reads the raw target, because the server's decoded path no longer distinguishes <c>%2F</c> from <c>/</c>.
/// Normal form (RFC 3986 §6.2.2): unreserved characters decoded, hexadecimal digits in upper case, everything else unchanged.
/// Characters that are invalid in a URI but common in practice are encoded. Equal objects get equal names, so each chunk is stored once.
/// Dot segments are rejected rather than removed, because well-behaved clients have removed them already (§5.2.4).
/// </remarks>
internal static class RequestTarget
{
    // Decoding shortens; encoding a character triples its length.
    private const int GrowthByEncoding = 3;

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    // sub-delims, gen-delims without '#', and the brackets that many clients do not encode in queries.
    private static readonly SearchValues<char> Kept = SearchValues.Create("!$&'()*+,;=:@/?[]");

    private static readonly SearchValues<char> Encoded = SearchValues.Create("\"<>^`{|}");

    /// <summary>Returns the verdict and, if it is <see cref="TargetVerdict.Accepted"/>, the path and query in normal form.</summary>
    public static TargetVerdict Parse(string rawTarget, int maxLength, out string pathAndQuery)
    {
        pathAndQuery = "";
        if (rawTarget.Length > maxLength)
        {
            return TargetVerdict.TooLong;
        }

        if (rawTarget is not ['/', ..])
        {
            return TargetVerdict.NotOriginForm;
        }

        var rented = ArrayPool<char>.Shared.Rent(rawTarget.Length * GrowthByEncoding);
        try
        {
            var verdict = Normalize(rawTarget, rented, out var length, out var pathLength);
            if (verdict == TargetVerdict.Accepted)
            {
                verdict = CheckSegments(rented.AsSpan(0, pathLength));
            }

            if (verdict == TargetVerdict.Accepted)
            {
                var normal = rented.AsSpan(0, length);
                pathAndQuery = normal.SequenceEqual(rawTarget) ? rawTarget : new string(normal);
            }

            return verdict;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static TargetVerdict Normalize(ReadOnlySpan<char> raw, Span<char> normal, out int length, out int pathLength)
    {
        length = 0;
        pathLength = -1;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '%')
            {
                if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2]))
                {
                    return TargetVerdict.BadPercentEncoding;
                }

                var octet = Octet(raw[i + 1], raw[i + 2]);
                if (pathLength < 0 && IsForbidden(octet, raw[(i + 3)..]))
                {
                    return TargetVerdict.ForbiddenOctet;
                }

                i += 2;
                if (Unreserved.Contains((char)octet))
                {
                    normal[length++] = (char)octet;
                }
                else
                {
                    Encode(octet, normal, ref length);
                }
            }
            else if (Unreserved.Contains(c) || Kept.Contains(c))
            {
                if (c == '?' && pathLength < 0)
                {
                    pathLength = length;
                }

                normal[length++] = c;
            }
            else if (Encoded.Contains(c))
            {
                Encode((byte)c, normal, ref length);
            }
            else
            {
                return TargetVerdict.ForbiddenCharacter;
            }
        }

        pathLength = pathLength < 0 ? length : pathLength;
        return TargetVerdict.Accepted;
    }

    /// <summary>Whether a file system, shell or decoder behind the origin may interpret the octet differently. Applies to the path only.</summary>
    private static bool IsForbidden(byte octet, ReadOnlySpan<char> rest) => octet switch
    {
        < 0x20 or 0x7F or (byte)'\\' => true,
        0xC0 or 0xC1 => true, // overlong forms of ASCII, which a lenient UTF-8 decoder would read as '.', '/' or NUL
        0xE0 => NextOctet(rest) is >= 0x80 and < 0xA0,
        0xF0 => NextOctet(rest) is >= 0x80 and < 0x90,
        _ => false,
    };

    private static int NextOctet(ReadOnlySpan<char> rest) =>
        rest is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) ? Octet(high, low) : -1;

    private static TargetVerdict CheckSegments(ReadOnlySpan<char> path)
    {
        if (ReservedPaths.Contains(path))
        {
            return TargetVerdict.Reserved;
        }

        var start = 1;
        for (var i = 1; i <= path.Length; i++)
        {
            // An encoded slash separates segments too, because some origins decode it before they check for dot segments.
            var isEncodedSlash = i < path.Length && path[i..].StartsWith("%2F");
            if (i < path.Length && path[i] != '/' && !isEncodedSlash)
            {
                continue;
            }

            if (DotSegments.IsOne(path[start..i]))
            {
                return TargetVerdict.DotSegment;
            }

            if (i == 1 && i < path.Length)
            {
                return TargetVerdict.EmptyFirstSegment;
            }

            start = isEncodedSlash ? i + 3 : i + 1;
        }

        return TargetVerdict.Accepted;
    }

    private static byte Octet(char high, char low) => (byte)((Digit(high) << 4) | Digit(low));

    private static int Digit(char hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private static void Encode(byte octet, Span<char> normal, ref int length)
    {
        const string Digits = "0123456789ABCDEF";
        normal[length++] = '%';
        normal[length++] = Digits[octet >> 4];
        normal[length++] = Digits[octet & 0xF];
    }
}

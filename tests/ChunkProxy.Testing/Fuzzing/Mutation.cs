using System.Text;

namespace ChunkProxy.Testing.Fuzzing;

/// <summary>Changes valid inputs at a few places, as AFL does: bits, bytes, lengths, numbers at their limits, parts of other inputs.</summary>
/// <param name="seeds">Valid inputs.</param>
/// <param name="seed">Repeats the same changes.</param>
internal sealed class Mutation(IReadOnlyList<byte[]> seeds, int seed)
{
    private const int Longest = 64 * 1024;
    private const int MostChanges = 8;

    private static readonly byte[] Interesting = [0, 1, 0x7f, 0x80, 0xff, (byte)'\r', (byte)'\n', (byte)'"', (byte)'\\', (byte)',', (byte)';', (byte)'=', (byte)'-', (byte)'/', (byte)'%', (byte)'.'];

    private static readonly byte[][] Numbers =
    [
        .. new[]
        {
            "0", "-1", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "1e9", "+1", "0x1",
        }.Select(Encoding.ASCII.GetBytes),
        [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0, 0, 0, 0, 0x80],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var input = new List<byte>(Any(seeds));
        for (var changes = _random.Next(1, MostChanges); changes > 0; changes--)
        {
            Change(input);
        }

        return input.Count <= Longest ? [.. input] : [.. input.Take(Longest)];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        switch (_random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = Any(Interesting);
                break;
            case 2:
                input.Insert(at, Any(Interesting));
                break;
            case 3:
                input.RemoveRange(at, _random.Next(input.Count - at + 1));
                break;
            case 4:
                input.InsertRange(at, Any(Numbers));
                break;
            case 5:
                OverwriteDigits(input, at);
                break;
            case 6:
                var other = Any(seeds);
                var from = _random.Next(other.Length + 1);
                input.InsertRange(at, other[from..(from + _random.Next(other.Length - from + 1))]);
                break;
            case 7 when input.Count - at is > 0 and < 4096:
                input.InsertRange(at, [.. input.GetRange(at, _random.Next(input.Count - at) + 1)]);
                break;
            default:
                var noise = new byte[_random.Next(16)];
                _random.NextBytes(noise);
                input.InsertRange(at, noise);
                break;
        }
    }

    private void OverwriteDigits(List<byte> input, int at)
    {
        var start = input.FindIndex(at, static it => it is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
        {
            return;
        }

        var end = start;
        while (end < input.Count && input[end] is >= (byte)'0' and <= (byte)'9')
        {
            end++;
        }

        input.RemoveRange(start, end - start);
        input.InsertRange(start, Any(Numbers));
    }

    private T Any<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];
}

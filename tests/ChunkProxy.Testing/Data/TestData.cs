using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChunkProxy.Testing.Data;

/// <summary>Generates bytes of an object at any offset. Nothing is stored, so a 3 GiB object costs no memory.</summary>
/// <remarks>Two seeds share no run of bytes, so bytes of another object or version are detected like flipped bytes.</remarks>
public static class TestData
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Writes bytes of the object <paramref name="seed"/>, starting at <paramref name="offset"/>.</summary>
    // Optimized at once: test.sh leaves code unoptimized, and here that takes twice the processor time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(long seed, long offset, Span<byte> destination)
    {
        var state = Mix((ulong)seed + 1);
        var word = (ulong)offset / sizeof(ulong);
        var skip = (int)((ulong)offset % sizeof(ulong));
        if (skip != 0)
        {
            destination = destination[CopyWord(state, word++, skip, destination)..];
        }

        var words = MemoryMarshal.Cast<byte, ulong>(destination);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Word(state, word++);
        }

        CopyWord(state, word, 0, destination[(words.Length * sizeof(ulong))..]);
    }

    public static byte[] Bytes(long seed, long offset, int length)
    {
        var bytes = new byte[length];
        Fill(seed, offset, bytes);
        return bytes;
    }

    /// <summary>Returns the offset in the object of the first wrong byte, or -1.</summary>
    public static long FirstDifference(long seed, long offset, ReadOnlySpan<byte> actual)
    {
        Span<byte> expected = stackalloc byte[4096];
        for (var done = 0; done < actual.Length;)
        {
            var part = expected[..Math.Min(expected.Length, actual.Length - done)];
            Fill(seed, offset + done, part);
            var same = part.CommonPrefixLength(actual[done..]);
            if (same < part.Length)
            {
                return offset + done + same;
            }

            done += part.Length;
        }

        return -1;
    }

    /// <exception cref="WrongBytesException">A byte is wrong; the message gives the first one.</exception>
    public static void Verify(long seed, long offset, ReadOnlySpan<byte> actual)
    {
        var wrong = FirstDifference(seed, offset, actual);
        if (wrong >= 0)
        {
            var expected = Bytes(seed, wrong, 1)[0];
            throw new WrongBytesException($"Byte {wrong} of object {seed} is 0x{actual[(int)(wrong - offset)]:x2} and should be 0x{expected:x2}.");
        }
    }

    /// <summary>Reads the stream to its end, and requires exactly <paramref name="length"/> correct bytes.</summary>
    /// <exception cref="WrongBytesException">A byte or the length is wrong; the message gives the first wrong byte or the length.</exception>
    public static async Task VerifyAsync(long seed, long offset, long length, Stream actual, CancellationToken cancellationToken)
    {
        var buffer = new byte[BlockSize];
        long done = 0;
        while (await actual.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            Verify(seed, offset + done, buffer.AsSpan(0, read));
            done += read;
        }

        if (done != length)
        {
            throw new WrongBytesException($"Object {seed} from {offset}: {done} bytes came and {length} should have.");
        }
    }

    public static async Task WriteFileAsync(string path, long seed, long length, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await new TestDataStream(seed, length).CopyToAsync(file, cancellationToken);
    }

    private static int CopyWord(ulong state, ulong word, int skip, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var value = Word(state, word);
        MemoryMarshal.Write(bytes, in value);
        var length = Math.Min(sizeof(ulong) - skip, destination.Length);
        bytes.Slice(skip, length).CopyTo(destination);
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ulong state, ulong index) => Mix(state + (index * 0x9E3779B97F4A7C15UL));

    // The finalizer of SplitMix64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

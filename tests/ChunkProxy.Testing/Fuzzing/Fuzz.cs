using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ChunkProxy.Testing.Fuzzing;

/// <summary>Runs code on mutations of valid input. It must neither throw, nor hang, nor keep memory.</summary>
/// <remarks>
/// A normal test run takes a few thousand inputs. <c>eng/fuzz.sh</c> runs for longer: it sets <c>CHUNKPROXY_FUZZ_SECONDS</c> for each target.
/// <c>CHUNKPROXY_FUZZ_SEED</c> repeats a run; a failure names the seed and the input.
/// </remarks>
public static class Fuzz
{
    private const int InputsOfANormalRun = 5000;
    private const int InputsOfASlowTarget = 500;
    private const long MostGrowth = 64L * 1024 * 1024;

    // On a loaded machine a thread may wait; a loop without an end never comes back.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    /// <summary>Runs the target on mutations of bytes.</summary>
    /// <param name="seeds">Valid inputs.</param>
    /// <param name="target">The code. It may throw for inputs that show a defect, and for nothing else.</param>
    /// <param name="isSlow">The target takes milliseconds: a normal run takes fewer inputs.</param>
    /// <param name="name">The test, for the report of a long run.</param>
    public static void Bytes(IReadOnlyList<byte[]> seeds, Action<byte[]> target, bool isSlow = false, [CallerMemberName] string name = "")
    {
        var least = isSlow ? InputsOfASlowTarget : InputsOfANormalRun;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CHUNKPROXY_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        var time = double.TryParse(Environment.GetEnvironmentVariable("CHUNKPROXY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
        var mutation = new Mutation(seeds, seed);
        var started = Stopwatch.GetTimestamp();
        var before = time > TimeSpan.Zero ? GC.GetTotalMemory(forceFullCollection: true) : 0;
        var inputs = 0L;
        for (; inputs < least || Stopwatch.GetElapsedTime(started) < time; inputs++)
        {
            RunOnce(target, inputs < seeds.Count ? seeds[(int)inputs] : mutation.Next(), seed);
        }

        // Only in a long run, which runs one target: in a normal run other tests use the same heap.
        var growth = time > TimeSpan.Zero ? GC.GetTotalMemory(forceFullCollection: true) - before : 0;
        if (growth > MostGrowth)
        {
            throw new FuzzException($"Seed {seed}: {growth} bytes are still referenced after the run.", null);
        }

        if (time > TimeSpan.Zero)
        {
            Console.WriteLine($"{name}: {inputs} inputs in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, seed {seed}");
        }
    }

    /// <summary>Runs the target on mutations of text, of characters up to U+00FF as fields of HTTP have them.</summary>
    public static void Text(IReadOnlyList<string> seeds, Action<string> target, [CallerMemberName] string name = "") =>
        Bytes([.. seeds.Select(Encoding.Latin1.GetBytes)], input => target(Encoding.Latin1.GetString(input)), isSlow: false, name);

    private static void RunOnce(Action<byte[]> target, byte[] input, int seed)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            target(input);
        }
        catch (Exception error)
        {
            throw new FuzzException($"Seed {seed}, input (base64) {Convert.ToBase64String(input)}: {error.Message}", error);
        }

        if (Stopwatch.GetElapsedTime(started) > Hang)
        {
            throw new FuzzException($"Seed {seed}, input (base64) {Convert.ToBase64String(input)}: took {Stopwatch.GetElapsedTime(started)}", null);
        }
    }
}

using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>Many readers of more than the tiers hold; clients leave, and the origin drops connections: no wrong byte, no failed read.</summary>
public sealed class SoakTests
{
    private const int Readers = 12;
    private const int ReadsEach = 24; // together, of each case, many times what the tiers hold
    private const int Size = 40 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("-size-c 64KiB -size-m 8 -size-d 16", 3 * OneNode.MiB)]
    [InlineData("-size-c 1MiB -size-m 24 -size-d 32", 3 * OneNode.MiB)]
    [InlineData("-size-c 10000B -size-m 4 -size-d 0", OneNode.MiB)] // a hundred chunks, each with a separate request
    public async Task Get_RandomRangesUnderPressure_EveryByteIsRight(string arguments, int longestRead)
    {
        await using var one = await OneNode.StartAsync(arguments, Now, ("Origin:Backoff", "00:00:00.005"));
        var films = Enumerable.Range(1, 4).Select(seed => Film(one.Origin, seed)).ToList();

        await Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => ReadAsync(one, films, longestRead, new Random(reader))).ToList());
    }

    // One answer in eight breaks off somewhere.
    private static ScriptedObject Film(ScriptedOrigin origin, int seed)
    {
        var film = origin.Add($"/film{seed}.mp4", Size, seed);
        film.Script = request => request.Number % 8 == 3 ? film.Answer with { DropAfter = request.Number * 997 % OneNode.MiB } : film.Answer;
        return film;
    }

    private static async Task ReadAsync(OneNode one, List<ScriptedObject> films, int longestRead, Random random)
    {
        for (var i = 0; i < ReadsEach; i++)
        {
            var film = films[random.Next(films.Count)];
            var start = random.NextInt64(Size);
            var length = Math.Min(random.Next(1, longestRead), Size - start);
            if (i % 4 == 3)
            {
                await LeaveEarlyAsync(one, film, start, length);
            }
            else
            {
                await one.VerifyAsync(film, start, length, Now);
            }
        }
    }

    private static async Task LeaveEarlyAsync(OneNode one, ScriptedObject film, long start, long length)
    {
        using var response = await one.Node.GetAsync(film.Path, Now, start, start + length - 1);
        var head = new byte[Math.Min(length, 10_000)];
        await (await response.Content.ReadAsStreamAsync(Now)).ReadExactlyAsync(head, Now);
        TestData.Verify(film.Answer.Seed, start, head);
    }
}

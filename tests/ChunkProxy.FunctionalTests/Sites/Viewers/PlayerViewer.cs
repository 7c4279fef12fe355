using System.Security.Cryptography;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.FunctionalTests.Players;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>A player in the browser, which plays a second somewhere in the film in each round. Its pictures and the bodies that it gets are compared.</summary>
internal sealed class PlayerViewer(string name, ClusterMember member, PlayerPage page, string film, Func<string> query, bool readsPurged) : IViewer
{
    // Far from the segment that the film lacks.
    private static readonly int[] Positions = [2, 11, 5, 14, 8];

    private int _rounds;
    private int _failures;

    public string Name => name;

    public ClusterMember Member => member;

    public bool ReadsPurged => readsPurged;

    public PlayerPage Page => page;

    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var position = Positions[_rounds++ % Positions.Length];
        (await page.ExcerptAsync(film, position, new { query = query(), retries = 200 })).IsOfFilm(position + 1, Films.MissingSecond - 1);
        var failures = await page.FailuresAsync();
        IReadOnlyList<string> more = [.. failures.Skip(_failures).Where(static failure => !IsOfPlayer(failure))];
        _failures = failures.Count;
        return more;
    }

    /// <summary>Compares every body that the player got with the files of the film.</summary>
    /// <returns>The number of different files.</returns>
    public async Task<int> VerifyAsync(string root)
    {
        var received = await page.ReceivedAsync();
        Assert.All(received, it =>
        {
            Assert.Equal(200, it.Status);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, it.Url.AbsolutePath[1..])))), it.Sha256);
        });
        return received.Select(static it => it.Url.AbsolutePath).Distinct().Count();
    }

    // A player reports that its buffer runs dry, which depends on the machine, and that it gave up a request when it was told to seek.
    private static bool IsOfPlayer(string failure) => failure.StartsWith("buffer", StringComparison.Ordinal) || failure.StartsWith("aborted", StringComparison.Ordinal);
}

using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.DiskCache;

/// <summary>A node that stored some films, was killed, and runs again over files that were damaged meanwhile.</summary>
/// <remarks>One restart for all kinds of damage. Each has a film of its own, with bytes that no other film has.</remarks>
public sealed class RestartedNode : IAsyncLifetime
{
    /// <summary>Where the files of <see cref="Flipped"/> are damaged; below zero: from the end.</summary>
    internal static readonly int[] Places = [0, 200, 600_000, -1];

    private OneNode? _one;
    private FolderWatch? _cache;
    private int _films;

    internal OneNode One => _one!;

    /// <summary>Not damaged.</summary>
    internal StoredFilm Sound { get; private set; } = null!;

    /// <summary>Damaged at a random place in each file.</summary>
    internal StoredFilm FlippedAnywhere { get; private set; } = null!;

    /// <summary>Damaged at one place in each file; by the place.</summary>
    internal Dictionary<int, StoredFilm> Flipped { get; } = [];

    /// <summary>Its files are truncated, emptied, deleted or another's.</summary>
    internal StoredFilm Torn { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var stop = CancellationToken.None;
        _one = await OneNode.StartAsync("-size-c 1MiB", stop);
        _cache = new FolderWatch(_one.CacheFolder);
        Sound = await StoreAsync(chunks: 8, stop);
        FlippedAnywhere = await StoreAsync(chunks: 8, stop);
        Torn = await StoreAsync(chunks: 8, stop);
        foreach (var place in Places)
        {
            Flipped[place] = await StoreAsync(chunks: 4, stop);
        }

        await One.Node.KillAsync();
        await DamageAsync(stop);
        await One.StartNodeAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        _cache?.Dispose();
        if (_one is { } one)
        {
            await one.DisposeAsync();
        }
    }

    private async Task<StoredFilm> StoreAsync(int chunks, CancellationToken cancellationToken)
    {
        var (before, writes) = (ChunkFiles(), await One.Node.StatAsync("disk.writes", cancellationToken));
        var film = One.Origin.Add(SharedNodes.FreshPath(), chunks * OneNode.MiB, seed: ++_films);
        await One.VerifyAsync(film, cancellationToken);

        // Each chunk and the record of the version: files that are written, not those that are being written.
        await One.Node.WhenStatAsync("disk.writes", it => it >= writes + chunks + 1, cancellationToken);
        await film.WhenIdleAsync(cancellationToken);
        var files = ChunkFiles().Except(before).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count >= chunks, $"{files.Count} files for {chunks} chunks");
        return new StoredFilm(film, files, film.BodyBytesSent);
    }

    private List<string> ChunkFiles() => [.. _cache!.Files.Where(file => new FileInfo(file).Length >= OneNode.MiB)];

    private async Task DamageAsync(CancellationToken cancellationToken)
    {
        var random = new Random(1);
        foreach (var file in FlippedAnywhere.Files)
        {
            Flip(file, random.NextInt64(new FileInfo(file).Length));
        }

        foreach (var (place, stored) in Flipped)
        {
            foreach (var file in stored.Files)
            {
                Flip(file, place < 0 ? new FileInfo(file).Length + place : place);
            }
        }

        var files = Torn.Files;
        using (var torn = File.OpenWrite(files[0]))
        {
            torn.SetLength(torn.Length - 1);
        }

        await File.WriteAllBytesAsync(files[1], [], cancellationToken);
        await File.WriteAllBytesAsync(files[2], new byte[OneNode.MiB], cancellationToken);
        File.Copy(files[3], files[4], overwrite: true); // a sound file in another's place
        File.Delete(files[5]);
    }

    private static void Flip(string file, long place)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = place;
        var old = stream.ReadByte();
        stream.Position = place;
        stream.WriteByte((byte)(old ^ 0x10));
    }
}

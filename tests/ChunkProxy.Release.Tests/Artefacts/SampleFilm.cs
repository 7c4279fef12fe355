using ChunkProxy.SampleOrigin.Films;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>A sample film, byte for byte from its generator.</summary>
internal static class SampleFilm
{
    public const string Path = "films/aurora.webm";

    private static readonly Film Aurora = FilmCatalogue.Load().Single(film => film.Name == "aurora");

    public static void AssertIs(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(Aurora.Length, bytes.Length);
        var expected = new byte[bytes.Length];
        new FilmStream(Aurora).ReadExactly(expected);
        Assert.Equal(bytes.Length, expected.AsSpan().CommonPrefixLength(bytes));
    }

    /// <summary>Reads the film twice; the second time it comes from the cache.</summary>
    public static async Task AssertIsServedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        AssertIs(await client.GetByteArrayAsync(Path, cancellationToken));
        using var second = await client.GetAsync(Path, cancellationToken);
        AssertIs(await second.Content.ReadAsByteArrayAsync(cancellationToken));
        Assert.Contains("hit", string.Join(' ', second.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
    }
}

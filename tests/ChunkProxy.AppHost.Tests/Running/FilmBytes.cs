using ChunkProxy.SampleOrigin.Films;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>The bytes of a sample film at any position, from the generator itself.</summary>
internal static class FilmBytes
{
    private static readonly Film Orbit = FilmCatalogue.Load().Single(film => film.Name == "orbit");

    public const string Path = "films/orbit.webm";

    public static long Length => Orbit.Length;

    /// <summary>Whether these are the bytes of the film from that place on.</summary>
    public static bool AreThere(long from, ReadOnlySpan<byte> bytes)
    {
        var expected = new byte[bytes.Length];
        new FilmStream(Orbit) { Position = from }.ReadExactly(expected);
        return bytes.SequenceEqual(expected);
    }
}

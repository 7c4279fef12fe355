namespace ChunkProxy.SampleOrigin.Films;

/// <summary>The sample films: some 330 MB, made from 290 kB in the repository.</summary>
internal static class FilmCatalogue
{
    public static IReadOnlyList<Film> Load() =>
    [
        new("aurora", "Aurora", Clip.Load("aurora"), TimeSpan.FromMinutes(3), bitsPerSecond: 1_200_000),
        new("orbit", "Orbit", Clip.Load("orbit"), TimeSpan.FromMinutes(10), bitsPerSecond: 2_000_000),
        new("tides", "Tides", Clip.Load("tides"), TimeSpan.FromMinutes(5), bitsPerSecond: 4_000_000),
    ];
}

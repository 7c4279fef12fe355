using ChunkProxy.SampleOrigin.Films;
using CsCheck;

namespace ChunkProxy.AppHost.Tests.SampleOrigin;

public sealed class FilmTests
{
    private static readonly Film Film = new("test", "Test", Clip.Load("orbit"), TimeSpan.FromSeconds(30), bitsPerSecond: 400_000);

    [Fact]
    public void Read_AnyPlaceAndLength_GivesTheBytesOfTheWhole()
    {
        var whole = ReadAll(new FilmStream(Film), Film.Length);

        Gen.Long[0, Film.Length - 1].SelectMany(from => Gen.Long[1, Film.Length - from].Select(length => (from, length))).Sample(range =>
        {
            var stream = new FilmStream(Film) { Position = range.from };
            Assert.True(ReadAll(stream, range.length).AsSpan().SequenceEqual(whole.AsSpan((int)range.from, (int)range.length)));
        }, iter: 50);
    }

    [Fact]
    public void Cues_EverySeekPoint_NamesTheClusterThatBeginsThen()
    {
        ReadOnlyMemory<byte> whole = ReadAll(new FilmStream(Film), Film.Length);
        var segment = Ebml.Read(whole).Single(element => element.Id == Ebml.Segment).Body;
        var cues = Ebml.Read(segment).Single(element => element.Id == Ebml.Cues).Body;

        var points = Ebml.Read(cues).Select(point => Ebml.Read(point.Body).ToArray()).ToArray();
        Assert.Equal(15, points.Length);
        foreach (var point in points)
        {
            var time = Number(point.Single(element => element.Id == Ebml.CueTime).Body);
            var place = Ebml.Read(point.Single(element => element.Id == Ebml.CueTrackPositions).Body).Single(element => element.Id == Ebml.CueClusterPosition);
            var cluster = Ebml.Read(segment[(int)Number(place.Body)..]).First();

            Assert.Equal(Ebml.Cluster, cluster.Id);
            var parts = Ebml.Read(cluster.Body).ToArray();
            Assert.Equal(time, Number(parts[0].Body));
            Assert.Equal(Ebml.SimpleBlock, parts[1].Id);
            Assert.NotEqual(0, parts[1].Body.Span[3] & 0x80); // the block's key-frame flag
        }
    }

    [Fact]
    public void WriteCluster_TwoClustersOfTheSamePictures_DifferInTheirStuffing()
    {
        var perClip = Clip.Load("orbit").Clusters.Count;
        var first = new byte[Film.ClusterLength];
        var repeated = new byte[Film.ClusterLength];
        Film.WriteCluster(0, first);
        Film.WriteCluster(perClip, repeated);

        var lastKilobyte = Film.ClusterLength - 1024;
        Assert.False(first.AsSpan(lastKilobyte).SequenceEqual(repeated.AsSpan(lastKilobyte)));
    }

    [Fact]
    public void Catalogue_EveryFilm_HasAWholeNumberOfClusters()
    {
        foreach (var film in FilmCatalogue.Load())
        {
            Assert.Equal(0, (film.Length - film.HeadBytes.Length) % film.ClusterLength);
            Assert.Equal(film.Duration / Clip.ClusterDuration, (film.Length - film.HeadBytes.Length) / film.ClusterLength);
        }
    }

    private static byte[] ReadAll(FilmStream stream, long length)
    {
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static long Number(ReadOnlyMemory<byte> bytes)
    {
        var value = 0L;
        foreach (var b in bytes.Span)
        {
            value = (value << 8) | b;
        }

        return value;
    }
}

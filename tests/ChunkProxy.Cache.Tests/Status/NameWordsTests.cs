using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class NameWordsTests
{
    [Fact]
    public void Words_OfAName_AreApart() => Assert.Equal("former owner", NameWords.Of("formerOwner"));

    [Fact]
    public void Words_OfAValue_AreApart() => Assert.Equal("former owner", NameWords.Of(ChunkSource.FormerOwner));
}

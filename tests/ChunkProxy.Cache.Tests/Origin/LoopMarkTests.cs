using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class LoopMarkTests
{
    [Fact]
    public void Value_OfOneCluster_IsOneForAllMembersAndNotAnothers()
    {
        Assert.Equal(new LoopMark("a:1 b:1").Value, new LoopMark("a:1 b:1").Value);
        Assert.NotEqual(new LoopMark("a:1 b:1").Value, new LoopMark("a:1 c:1").Value);
    }

    [Fact]
    public void Value_OfStandAloneProcesses_Differs() => Assert.NotEqual(new LoopMark(null).Value, new LoopMark(null).Value); // a chain of two is no loop

    [Fact]
    public void IsIn_List_FindsItsOwnNameAmongOthers()
    {
        var mark = new LoopMark("a:1");
        Assert.True(mark.IsIn($"other.example; trace=\"x\", {mark.Value}"));
        Assert.False(mark.IsIn("other.example, chunkproxy-0123456789abcdef"));
        Assert.False(mark.IsIn(null));
    }
}

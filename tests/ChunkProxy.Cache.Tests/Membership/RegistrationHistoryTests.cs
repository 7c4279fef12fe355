using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class RegistrationHistoryTests
{
    private static readonly MemberRegistration First = new(new Member("10.0.0.1:7070"), Guid.NewGuid(), Leaving: false, Number: 1);

    private readonly RegistrationHistory _history = new();

    [Fact]
    public void IsOld_InForce_OrNewer_IsNot()
    {
        Assert.False(_history.IsOld(First));
        _history.Begin(First);

        Assert.False(_history.IsOld(First)); // a full read finds it again
        Assert.False(_history.IsOld(First with { Number = 2, Leaving = true }));
    }

    [Fact]
    public void IsOld_AfterANewerOne_Is()
    {
        _history.Begin(First with { Number = 2 });

        Assert.True(_history.IsOld(First));
    }

    [Fact]
    public void IsOld_AfterItsEnd_IsUntilTheProcessWritesAnother()
    {
        _history.Begin(First);
        _history.End(First);

        Assert.True(_history.IsOld(First));
        Assert.False(_history.IsOld(First with { Number = 2 }));
    }

    [Fact]
    public void Begin_ManyProcesses_ForgetsTheFirst()
    {
        _history.Begin(First with { Number = 2 });
        for (var i = 0; i < RegistrationHistory.Most; i++)
        {
            _history.Begin(First with { Instance = Guid.NewGuid() });
        }

        Assert.False(_history.IsOld(First));
    }
}

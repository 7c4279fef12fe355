using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class OwnerMapPublisherTests : IDisposable
{
    private static readonly TimeSpan ChangeDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);
    private static readonly Member A = new("a:1");
    private static readonly Member B = new("b:1");
    private static readonly Member C = new("c:1");

    private readonly FakeTimeProvider _time = new();
    private readonly MembershipLogRecorder _log = new(new ChangeSignal());
    private readonly List<OwnerMap> _told = [];
    private readonly OwnerMapPublisher _publisher;
    private Member[] _members = [A];

    public OwnerMapPublisherTests()
    {
        _publisher = new OwnerMapPublisher(() => new Epoch(_members), ChangeDelay, DrainTime, _time, _log);
        _publisher.Changed += _told.Add;
    }

    [Fact]
    public void NoteChange_SeveralWithinTheDelay_ToldOnceWhenItIsOver()
    {
        Change(A, B);
        _time.Advance(ChangeDelay - TimeSpan.FromMilliseconds(1));
        Change(A, B, C);
        Assert.Empty(_told);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([A, B, C], Assert.Single(_told).Epoch.Members);
        Assert.Same(_told[0], _publisher.Owners);
        Assert.Equal([A], _told[0].PreviousEpoch!.Members);
    }

    [Fact]
    public void NoteChange_LineSaysThatAMemberJoined_ItIsAMemberByThen()
    {
        List<int> counts = [];
        _log.Written += () => counts.Add(_publisher.Owners.Epoch.Members.Count);

        Change(A, B);
        _time.Advance(ChangeDelay);
        Change(A);
        _time.Advance(ChangeDelay);

        Assert.Equal([2, 1], counts);
    }

    [Fact]
    public void NoteChange_AfterATelling_ToldAgain()
    {
        Change(A, B);
        _time.Advance(ChangeDelay);
        Change(A, B, C);
        _time.Advance(ChangeDelay);

        Assert.Equal([2, 3], _told.Select(owners => owners.Epoch.Members.Count));
    }

    [Fact]
    public void NoteChange_NothingIsDifferentInTheEnd_NotTold()
    {
        Change(A, B);
        Change(A);

        _time.Advance(ChangeDelay);

        Assert.Empty(_told);
    }

    [Fact]
    public void Changed_HandlerThrows_TheOthersAreToldAndItIsLogged()
    {
        using var publisher = new OwnerMapPublisher(() => new Epoch(_members), ChangeDelay, DrainTime, _time, _log);
        var told = 0;
        publisher.Changed += _ => throw new InvalidOperationException("a bug");
        publisher.Changed += _ => told++;
        _members = [A, B];

        publisher.Publish();

        Assert.Equal(1, told);
        Assert.Equal(1, _log.Count("ChangeHandlerFailed"));
    }

    [Fact]
    public void DrainTime_AfterALeave_EndsTheLeaverBeingAFormerOwner()
    {
        Change(A, B);
        _publisher.Publish();
        Change(A);
        _publisher.Publish();
        var chunk = Enumerable.Range(0, 1000).First(chunk => _publisher.Owners.FormerOwnerOf(1, chunk) is not null);

        _time.Advance(DrainTime - TimeSpan.FromMilliseconds(1));
        Assert.Equal(B, _publisher.Owners.FormerOwnerOf(1, chunk));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(_publisher.Owners.FormerOwnerOf(1, chunk));
        Assert.Same(_told[^1], _publisher.Owners);
    }

    [Fact]
    public void Dispose_ChangeUnderWay_NotTold()
    {
        Change(A, B);

        _publisher.Dispose();
        _time.Advance(ChangeDelay);

        Assert.Empty(_told);
    }

    public void Dispose() => _publisher.Dispose();

    private void Change(params Member[] members)
    {
        _members = members;
        _publisher.NoteChange();
    }
}

using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Telemetry;

public sealed class RecentEventsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecentEvents _events;

    public RecentEventsTests() => _events = new RecentEvents(_time);

    [Fact]
    public void NoteMembers_FirstMembership_TellsNothing()
    {
        _events.NoteMembers(Members("a:1", "b:1"));

        Assert.Empty(_events.Read());
    }

    [Fact]
    public void NoteMembers_OneLeftOneJoined_TellsBoth()
    {
        _events.NoteMembers(Members("a:1", "b:1"));
        _events.NoteMembers(Members("b:1", "c:1"));

        Assert.Equal([(RecentEventKind.MemberJoined, "c:1"), (RecentEventKind.MemberLeft, "a:1")], _events.Read().Select(it => (it.Kind, it.Subject)));
    }

    [Fact]
    public void Note_PathAsLongAsAClientLikes_IsShortened()
    {
        _events.Note(RecentEventKind.ReadFailed, "/" + new string('x', 60_000), new string('y', 60_000));

        var noted = Assert.Single(_events.Read());
        Assert.Equal((512, 512), (noted.Subject.Length, noted.Ending.Length));
        Assert.EndsWith("…", noted.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Note_SameAgain_RaisesTheCountAndMovesToTheTop()
    {
        _events.Note(RecentEventKind.ReadFailed, "/film", "OriginFailed");
        _events.Note(RecentEventKind.PeerIsBack, "a:1");
        _time.Advance(TimeSpan.FromSeconds(7));
        _events.Note(RecentEventKind.ReadFailed, "/film", "OriginFailed");

        Assert.Equal(
            [new RecentEvent(_time.GetUtcNow(), RecentEventKind.ReadFailed, "/film", "OriginFailed", 2), new RecentEvent(_time.Start, RecentEventKind.PeerIsBack, "a:1", "", 1)],
            _events.Read());
    }

    [Fact]
    public void Note_Many_KeepsTheNewest()
    {
        for (var i = 0; i < 1000; i++)
        {
            _events.Note(RecentEventKind.ReadFailed, $"/{i}", "OriginFailed");
        }

        Assert.Equal(50, _events.Read().Count);
        Assert.Equal("/999", _events.Read()[0].Subject);
    }

    private static Epoch Members(params IEnumerable<string> ids) => new(ids.Select(id => new Member(id)));
}

using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>Recent events of this process, for operators. Bounded; a repeated event only increments its count.</summary>
internal sealed class RecentEvents(TimeProvider time)
{
    private const int Kept = 50;

    // An origin failure affects many objects at once: a repeat of one of this many latest events is not a new event.
    private const int Together = 8;

    // Upper bound of a subject and an ending, in characters: clients choose the length of paths.
    private const int Longest = 512;

    private readonly Lock _gate = new();
    private readonly LinkedList<RecentEvent> _events = []; // newest first; under _gate
    private Epoch? _members; // under _gate

    public void Note(RecentEventKind kind, string subject, string ending = "")
    {
        lock (_gate)
        {
            Add(kind, subject, ending);
        }
    }

    /// <summary>Records members that joined or left since the previous call. The first call only sets the baseline.</summary>
    public void NoteMembers(Epoch members)
    {
        lock (_gate)
        {
            var before = _members;
            _members = members;
            if (before is null)
            {
                return;
            }

            foreach (var left in before.Members.Where(member => members.Find(member.Id) is null))
            {
                Add(RecentEventKind.MemberLeft, left.Label, "");
            }

            foreach (var joined in members.Members.Where(member => before.Find(member.Id) is null))
            {
                Add(RecentEventKind.MemberJoined, joined.Label, "");
            }
        }
    }

    /// <summary>Returns the events, newest first.</summary>
    public IReadOnlyList<RecentEvent> Read()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }

    private void Add(RecentEventKind kind, string subject, string ending)
    {
        (subject, ending) = (Shortened(subject), Shortened(ending));
        var count = 1;
        var node = _events.First;
        for (var i = 0; i < Together && node is not null; i++, node = node.Next)
        {
            if (node.Value.Kind == kind && node.Value.Subject == subject && node.Value.Ending == ending)
            {
                count = node.Value.Count + 1;
                _events.Remove(node);
                break;
            }
        }

        _events.AddFirst(new RecentEvent(time.GetUtcNow(), kind, subject, ending, count));
        if (_events.Count > Kept)
        {
            _events.RemoveLast();
        }
    }

    private static string Shortened(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest - 1), "…");
}

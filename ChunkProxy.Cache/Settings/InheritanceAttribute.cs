namespace ChunkProxy.Cache.Settings;

/// <summary>Which settings for all scopes (<see cref="SettingScope"/>) count for a scope that does not set them. Without the attribute: each by itself.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class InheritanceAttribute(Inheritance kind) : Attribute
{
    public Inheritance Kind => kind;
}
